package dev.promptls.jetbrains;

import java.awt.Color;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server's page as this IDE shows it: as light or dark as the IDE is, and telling it what was clicked on. */
public final class PreviewPage {
    private static final Pattern BODY = Pattern.compile("<body>");
    private static final Pattern SCRIPT = Pattern.compile("<script nonce=\"[^\"]+\">");

    private PreviewPage() {}

    /**
     * @param tell what the page's one script does with {@code said}, which is JSON; it is under the page's own policy
     */
    public static String of(String html, boolean dark, String tell) {
        String themed = BODY.matcher(html).replaceFirst(dark ? "<body class=\"vscode-dark\">" : "<body class=\"vscode-light\">");
        return SCRIPT.matcher(themed).replaceFirst(
                "$0" + Matcher.quoteReplacement("window.promptlsPost = (said) => {" + tell + "};"));
    }

    /** Of a background; null for one that no theme names. */
    public static boolean isDark(Color back) {
        return back != null && 299 * back.getRed() + 587 * back.getGreen() + 114 * back.getBlue() < 128_000;
    }
}
