package dev.promptls.jetbrains;

import java.util.List;

/** What the server says of a preview, as far as a window needs it: the page is its own business. */
public final class Preview {
    private String uri;
    private String content;
    private String title;
    private Integer sample;
    private List<String> samples;

    public String getUri() {
        return uri;
    }

    /** A whole HTML page, which loads nothing from anywhere. */
    public String getContent() {
        return content;
    }

    public String getTitle() {
        return title;
    }

    /** Counts from 1; null where there are no samples. */
    public Integer getSample() {
        return sample;
    }

    public List<String> getSamples() {
        return samples == null ? List.of() : samples;
    }
}
