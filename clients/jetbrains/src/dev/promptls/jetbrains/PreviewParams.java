package dev.promptls.jetbrains;

import org.eclipse.lsp4j.TextDocumentIdentifier;

/** What {@code promptls/preview} is asked: of which document, as what, and whether to tell of newer ones. */
public final class PreviewParams {
    private final TextDocumentIdentifier textDocument;
    private final String format;
    private final Boolean watch;
    private final Integer sample;

    private PreviewParams(String uri, String format, Boolean watch, Integer sample) {
        this.textDocument = new TextDocumentIdentifier(uri);
        this.format = format;
        this.watch = watch;
        this.sample = sample;
    }

    /** @param sample counts from 1; null for the one that was chosen last */
    public static PreviewParams watch(String uri, Integer sample) {
        return new PreviewParams(uri, "html", true, sample);
    }

    public static PreviewParams forget(String uri) {
        return new PreviewParams(uri, null, false, null);
    }

    public TextDocumentIdentifier getTextDocument() {
        return textDocument;
    }

    public String getFormat() {
        return format;
    }

    public Boolean getWatch() {
        return watch;
    }

    public Integer getSample() {
        return sample;
    }
}
