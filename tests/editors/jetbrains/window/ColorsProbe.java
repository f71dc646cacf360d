import dev.promptls.jetbrains.PromptColors;

/** Where the plugin says that its colours are. */
public final class ColorsProbe {
    private ColorsProbe() {}

    public static void main(String[] none) {
        new PromptColors().getBundles().forEach(bundle -> System.out.println(bundle.path));
    }
}
