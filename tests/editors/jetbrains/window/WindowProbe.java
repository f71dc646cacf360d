import com.intellij.execution.configurations.GeneralCommandLine;
import com.intellij.ide.impl.TrustedProjects;
import com.intellij.openapi.Disposable;
import com.intellij.openapi.fileEditor.FileEditorManager;
import com.intellij.openapi.fileEditor.FileEditorManagerEvent;
import com.intellij.openapi.fileEditor.FileEditorManagerListener;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.project.ProjectManager;
import com.intellij.openapi.util.Disposer;
import com.intellij.openapi.vfs.VirtualFile;
import com.intellij.openapi.wm.ToolWindow;
import com.intellij.ui.content.ContentFactory;
import com.intellij.ui.content.ContentManager;
import com.intellij.ui.jcef.JBCefBrowser;
import com.intellij.util.messages.MessageBus;
import com.intellij.util.messages.MessageBusConnection;
import com.intellij.util.messages.Topic;
import com.redhat.devtools.lsp4ij.LanguageServerManager;
import com.redhat.devtools.lsp4ij.ServerStatus;
import com.redhat.devtools.lsp4ij.client.LanguageClientImpl;
import com.redhat.devtools.lsp4ij.server.CannotStartProcessException;
import dev.promptls.jetbrains.PreviewEvents;
import dev.promptls.jetbrains.PreviewHub;
import dev.promptls.jetbrains.PreviewWindowFactory;
import dev.promptls.jetbrains.PromptServerFactory;
import dev.promptls.jetbrains.PromptSettingsPage;
import java.awt.Component;
import java.awt.Container;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.swing.JButton;
import javax.swing.JCheckBox;
import javax.swing.JComboBox;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JTextField;
import javax.swing.SwingUtilities;

/** The plugin's own classes in an IDE that only pretends (`ide`), with the real server: {@code STORY FOLDER COMMAND...}. */
public final class WindowProbe {
    private final Path folder;
    private final Editor editor;
    private final IdeProject project;
    private JComponent panel;

    private WindowProbe(Path folder, Editor editor) {
        this.folder = folder;
        this.editor = editor;
        this.project = new IdeProject(folder);
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        List<String> command = Arrays.asList(arguments).subList(2, arguments.length);
        try (Editor editor = new Editor(folder, command)) {
            editor.start(Capabilities.ofLsp4ij());
            WindowProbe probe = new WindowProbe(folder, editor);
            switch (arguments[0]) {
                case "window" -> probe.window();
                case "settings" -> probe.settings();
                case "start" -> probe.start();
                default -> throw new IllegalArgumentException(arguments[0]);
            }
            is(0, editor.stop(), "the exit code");
            is(List.of(), editor.complaints, "complaints");
        } catch (Throwable error) {
            error.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    private void window() throws Exception {
        String uri = editor.uri("greet.prompty");
        editor.open(uri, "prompty");
        LanguageServerManager.server = editor.server();
        var client = new PromptServerFactory().createLanguageClient(project);
        editor.onPreview = ((PreviewEvents) client)::previewChanged;
        FileEditorManager.selected = new VirtualFile[] {new IdeFile(uri)};
        onSwing(() -> {
            new PreviewWindowFactory().createToolWindowContent(project, new IdeWindow());
            panel = ContentFactory.MADE.get(0);
            check(JBCefBrowser.PAGES.isEmpty(), "a window that nobody looks at asks nothing");
            panel.addNotify(); // now it is looked at
        });
        page("Hello Ada");
        page("Hello Ada"); // asked once more, as the file may have been opened only then
        editor.replace(uri, "Be kind", "Be terse");
        page("Be terse.");

        JComboBox<?> samples = all(panel, JComboBox.class).get(0);
        check(samples.isVisible(), "two samples to choose from");
        onSwing(() -> samples.setSelectedIndex(1));
        page("Hello Grace");

        onSwing(() -> button("Run").doClick());
        Editor.next(editor.shown, "the page of the run", each -> each.getUri().endsWith(".run.md"));

        onSwing(() -> project.listener.selectionChanged(new FileEditorManagerEvent(new IdeFile(editor.uri("notes.txt")))));
        Editor.until("it is said why there is no preview", () -> all(panel, JLabel.class).stream()
                .anyMatch(each -> String.valueOf(each.getText()).contains("no prompt file")));
        onSwing(() -> project.listener.selectionChanged(new FileEditorManagerEvent(new IdeFile(uri))));
        page("Hello Grace");

        onSwing(() -> Disposer.REGISTERED.forEach(Disposable::dispose));
        JBCefBrowser.PAGES.clear();
        editor.replace(uri, "Be terse", "Be silent");
        editor.server().preview(dev.promptls.jetbrains.PreviewParams.forget(uri)).get(); // all before it is done
        check(JBCefBrowser.PAGES.isEmpty(), "nothing is shown in a window that is closed");
    }

    private void settings() throws Exception {
        ProjectManager.open = new Project[] {project};
        PromptSettingsPage page = new PromptSettingsPage();
        onSwing(() -> {
            JComponent shown = page.createComponent();
            page.reset();
            check(!page.isModified(), "nothing was changed");
            List<JTextField> fields = all(shown, JTextField.class);
            fields.get(1).setText("openai/gpt-5");
            all(shown, JCheckBox.class).get(0).setSelected(true);
            check(page.isModified(), "something was changed");
            page.apply();
            check(!page.isModified(), "it was applied");
        });
        is(List.of("promptls"), LanguageServerManager.STARTED, "servers that start again");
        new PromptServerFactory().createLanguageClient(project).handleServerStatusChanged(ServerStatus.started);
        is("{\"promptls\":{\"target\":\"openai/gpt-5\",\"offline\":true,\"inlayHints\":false}}",
                String.valueOf(LanguageClientImpl.sent), "what the server is sent");
    }

    private void start() throws Exception {
        Path program = Files.createDirectories(folder.resolve(".venv").resolve("bin")).resolve("promptls");
        check(Files.createFile(program).toFile().setExecutable(true), "it can be executed");
        new PromptServerFactory().createConnectionProvider(project).start();
        is(List.of(program.toString(), "lsp"), GeneralCommandLine.last, "the command");
        is(folder.toString(), GeneralCommandLine.folder, "the folder");
        TrustedProjects.trusted = false;
        try {
            new PromptServerFactory().createConnectionProvider(project).start();
            throw new AssertionError("a program of a project that nobody trusts was started");
        } catch (CannotStartProcessException error) {
            check(error.getMessage().startsWith("promptls is not found"), error);
        }
    }

    private static void page(String text) throws InterruptedException {
        Editor.next(JBCefBrowser.PAGES, "a page with " + text, each -> plain(each).contains(text));
    }

    private static String plain(String html) {
        return html.replaceAll("<[^>]*>", "");
    }

    private JButton button(String title) {
        return all(panel, JButton.class).stream().filter(each -> each.getText().equals(title)).findFirst().orElseThrow();
    }

    private static <T> List<T> all(Container in, Class<T> type) {
        List<T> found = new ArrayList<>();
        for (Component each : in.getComponents()) {
            if (type.isInstance(each)) found.add(type.cast(each));
            if (each instanceof Container inner) found.addAll(all(inner, type));
        }
        return found;
    }

    private static void onSwing(Runnable work) throws Exception {
        SwingUtilities.invokeAndWait(work);
    }

    private static void check(boolean right, Object seen) {
        if (!right) throw new AssertionError(String.valueOf(seen));
    }

    private static void is(Object wanted, Object seen, String what) {
        check(Objects.equals(wanted, seen), what + ": " + seen + " is not " + wanted);
    }

    private static final class IdeFile extends VirtualFile {
        private final String uri;

        IdeFile(String uri) {
            this.uri = uri;
        }

        @Override
        public boolean isInLocalFileSystem() {
            return true;
        }

        @Override
        public String toString() {
            return uri;
        }
    }

    private static final class IdeWindow implements ToolWindow {
        @Override
        public Disposable getDisposable() {
            return () -> {};
        }

        @Override
        public ContentManager getContentManager() {
            return content -> {};
        }
    }

    private static final class IdeProject implements Project, MessageBus, MessageBusConnection {
        private final Path folder;
        private final PreviewHub hub = new PreviewHub();
        FileEditorManagerListener listener;

        IdeProject(Path folder) {
            this.folder = folder;
        }

        @Override
        public String getBasePath() {
            return folder.toString();
        }

        @Override
        public <T> T getService(Class<T> type) {
            return type.cast(hub);
        }

        @Override
        public MessageBus getMessageBus() {
            return this;
        }

        @Override
        public MessageBusConnection connect(Disposable parent) {
            return this;
        }

        @Override
        public <L> void subscribe(Topic<L> topic, L handler) {
            listener = (FileEditorManagerListener) handler;
        }
    }
}
