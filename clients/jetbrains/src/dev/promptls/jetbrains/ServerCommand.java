package dev.promptls.jetbrains;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the server is started: by the setting, by the project's virtual environment, or by what is on the PATH. */
public final class ServerCommand {
    public static final String NOT_FOUND = "promptls is not found: there is none in .venv or venv of this project, and none on the"
            + " PATH. Install it (pip install /path/to/your/clone/of/promptls), or say where it is in Settings | Tools |"
            + " promptls.";

    private ServerCommand() {}

    /**
     * @param setting what the person wrote: a program and its arguments; empty for none
     * @param project the folder whose environments may be used; null for none, as of a project that is not trusted
     * @param environment with PATH, as a terminal has it
     */
    public static Optional<List<String>> find(String setting, Path project, Map<String, String> environment, boolean windows) {
        List<String> written = words(setting);
        if (!written.isEmpty()) {
            return Optional.of(written);
        }
        List<Path> places = new ArrayList<>();
        if (project != null) {
            for (String name : List.of(".venv", "venv")) {
                places.add(project.resolve(name).resolve(windows ? "Scripts" : "bin"));
            }
        }
        String path = environment.getOrDefault("PATH", environment.getOrDefault("Path", ""));
        for (String place : path.split(File.pathSeparator)) {
            try {
                // What is relative means whichever folder the IDE was started in.
                if (Path.of(place).isAbsolute()) {
                    places.add(Path.of(place));
                }
            } catch (InvalidPathException none) {
                continue;
            }
        }
        String name = windows ? "promptls.exe" : "promptls";
        return places.stream().map(place -> place.resolve(name)).filter(Files::isRegularFile)
                .filter(Files::isExecutable).findFirst().map(found -> List.of(found.toString(), "lsp"));
    }

    /** Split at spaces, but for those between double quotes. */
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (char each : (line + " ").toCharArray()) {
            if (each == '"') {
                quoted = !quoted;
            } else if (Character.isWhitespace(each) && !quoted) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                }
                word.setLength(0);
            } else {
                word.append(each);
            }
        }
        if (!word.isEmpty()) {
            words.add(word.toString().strip());
        }
        return words;
    }
}
