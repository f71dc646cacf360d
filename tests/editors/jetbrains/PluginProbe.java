import dev.promptls.jetbrains.PromptSettings;
import dev.promptls.jetbrains.ServerCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The parts of the plugin that need no IDE: {@code command SETTING PROJECT PATH SYSTEM}, {@code settings TARGET TRUST}. */
public final class PluginProbe {
    private PluginProbe() {}

    public static void main(String[] asked) {
        if (asked[0].equals("command")) {
            Path project = asked[2].isEmpty() ? null : Path.of(asked[2]);
            ServerCommand.find(asked[1], project, Map.of("PATH", asked[3]), asked[4].equals("windows"))
                    .orElse(List.of(ServerCommand.NOT_FOUND)).forEach(System.out::println);
        } else {
            PromptSettings.Values values = new PromptSettings.Values();
            values.target = asked[1];
            System.out.println(values.section(asked[2].equals("trusted")));
        }
    }
}
