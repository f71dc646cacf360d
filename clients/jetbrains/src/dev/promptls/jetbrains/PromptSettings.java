package dev.promptls.jetbrains;

import com.google.gson.JsonObject;
import com.intellij.openapi.application.ApplicationManager;
import com.intellij.openapi.components.PersistentStateComponent;
import com.intellij.openapi.components.State;
import com.intellij.openapi.components.Storage;
import com.intellij.openapi.project.Project;

/** The person's settings, for all projects: a project must not be able to say which program is started. */
@State(name = "promptls", storages = @Storage("promptls.xml"))
public final class PromptSettings implements PersistentStateComponent<PromptSettings.Values> {
    /** As they are stored: public fields, and a constructor without parameters. */
    public static final class Values {
        /** A program and its arguments; empty: looked for. */
        public String command = "";
        /** As `default` of promptls.yaml; empty: not said. */
        public String target = "";
        public boolean offline = false;
        public boolean inlayHints = false;

        /** The section `promptls`, with what this person has said only. */
        public JsonObject section(boolean trusted) {
            JsonObject section = new JsonObject();
            section.addProperty("trusted", trusted);
            if (!target.isBlank()) {
                section.addProperty("target", target.strip());
            }
            section.addProperty("offline", offline);
            section.addProperty("inlayHints", inlayHints);
            return section;
        }
    }

    private Values values = new Values();

    static PromptSettings getInstance() {
        return ApplicationManager.getApplication().getService(PromptSettings.class);
    }

    /** What the server is told at its start, and whenever it asks. */
    static JsonObject forServer(Project project) {
        JsonObject settings = new JsonObject();
        settings.add("promptls", getInstance().getState().section(Trust.in(project)));
        return settings;
    }

    @Override
    public Values getState() {
        return values;
    }

    @Override
    public void loadState(Values loaded) {
        values = loaded;
    }
}
