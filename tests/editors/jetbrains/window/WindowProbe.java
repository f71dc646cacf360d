import com.intellij.execution.configurations.GeneralCommandLine;
import com.intellij.ide.trustedProjects.TrustedProjects;
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
import com.intellij.ui.jcef.JBCefApp;
import com.intellij.ui.jcef.JBCefBrowser;
import com.intellij.ui.jcef.JBCefBrowserBase;
import com.intellij.ui.jcef.JBCefJSQuery;
import com.intellij.util.EnvironmentUtil;
import com.intellij.util.messages.MessageBus;
import com.intellij.util.messages.MessageBusConnection;
import com.intellij.util.messages.Topic;
import com.redhat.devtools.lsp4ij.LSPIJUtils;
import com.redhat.devtools.lsp4ij.LanguageServerManager;
import com.redhat.devtools.lsp4ij.ServerStatus;
import com.redhat.devtools.lsp4ij.client.LanguageClientImpl;
import com.redhat.devtools.lsp4ij.server.CannotStartProcessException;
import dev.promptls.jetbrains.PreviewEvents;
import dev.promptls.jetbrains.PreviewHub;
import dev.promptls.jetbrains.PreviewWindowFactory;
import dev.promptls.jetbrains.PromptServerFactory;
import dev.promptls.jetbrains.PromptSettingsPage;
import dev.promptls.jetbrains.TrustListener;
import java.awt.Color;
import java.awt.Component;
import java.awt.Container;
import java.io.IOException;
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
import javax.swing.UIManager;
import org.eclipse.lsp4j.DocumentDiagnosticParams;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.TextDocumentIdentifier;

/** The plugin's own classes in an IDE that only pretends (`ide`), with the real server: {@code STORY FOLDER COMMAND...}. */
public final class WindowProbe {
    private final Path folder;
    private final Editor editor;
    private final IdeProject project;
    private final LanguageClientImpl client;
    private JComponent panel;

    private WindowProbe(Path folder, Editor editor) {
        this.folder = folder;
        this.editor = editor;
        this.project = new IdeProject(folder);
        this.client = new PromptServerFactory().createLanguageClient(project);
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        List<String> command = Arrays.asList(arguments).subList(2, arguments.length);
        TrustedProjects.trusted = !arguments[0].equals("untrusted");
        try (Editor editor = new Editor(folder, command)) {
            WindowProbe probe = new WindowProbe(folder, editor);
            editor.options =
                    new PromptServerFactory().createConnectionProvider(probe.project).getInitializationOptions(null);
            editor.settings = () -> probe.client.findSettings("promptls");
            editor.start(Capabilities.ofLsp4ij());
            LanguageServerManager.server = editor.server();
            editor.onPreview = ((PreviewEvents) probe.client)::previewChanged;
            switch (arguments[0]) {
                case "window" -> probe.window();
                case "no-browser" -> probe.noBrowser();
                case "untrusted" -> probe.untrusted();
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
        String uri = openWindow();
        String first = page("Hello Ada");
        check(first.contains("<body class=\"vscode-light\">"), "as light as the IDE");
        check(first.contains(">window.promptlsPost = (said) => {window.cefQuery_1({request: '' + said});};"), first);
        check(JBCefBrowserBase.linksGoElsewhere, "a link is not followed in the window");
        page("Hello Ada"); // asked once more, as the file may have been opened only then
        editor.replace(uri, "Be kind", "Be terse");
        page("Be terse.");

        JComboBox<?> samples = all(panel, JComboBox.class).get(0);
        check(samples.isVisible(), "two samples to choose from");
        onSwing(() -> samples.setSelectedIndex(1));
        page("Hello Grace");
        JBCefJSQuery.handler.apply("{\"type\":\"promptls.sample\",\"sample\":1}");
        page("Hello Ada");
        JBCefJSQuery.handler.apply("{\"type\":\"promptls.reveal\",\"line\":7,\"offset\":66}");
        Editor.next(LSPIJUtils.OPENED, "the line", each -> each.equals(uri + ":7"));
        JBCefJSQuery.handler.apply("{\"line\":{}}");
        JBCefJSQuery.handler.apply("nonsense");

        onSwing(() -> {
            UIManager.put("Panel.background", new Color(0x2B2D30));
            SwingUtilities.updateComponentTreeUI(panel);
        });
        Editor.next(JBCefBrowser.PAGES, "as dark as the IDE", each -> each.contains("<body class=\"vscode-dark\">"));

        onSwing(() -> button("Run").doClick());
        Editor.next(editor.shown, "the page of the run", each -> each.getUri().endsWith(".run.md"));

        onSwing(() -> project.listener.selectionChanged(new FileEditorManagerEvent(new IdeFile(editor.uri("notes.txt")))));
        said("no prompt file");
        onSwing(() -> project.listener.selectionChanged(new FileEditorManagerEvent(new IdeFile(uri))));
        page("Hello Ada");
        JBCefBrowser.PAGES.clear();
        client.handleServerStatusChanged(ServerStatus.started);
        page("Hello Ada"); // a server that has started anew watches nothing yet

        onSwing(() -> Disposer.REGISTERED.forEach(Disposable::dispose));
        JBCefBrowser.PAGES.clear();
        editor.replace(uri, "Be terse", "Be silent");
        editor.server().preview(dev.promptls.jetbrains.PreviewParams.forget(uri)).get(); // all before it is done
        client.handleServerStatusChanged(ServerStatus.started);
        onSwing(() -> {});
        check(JBCefBrowser.PAGES.isEmpty(), "nothing is shown in a window that is closed");
    }

    private void noBrowser() throws Exception {
        JBCefApp.supported = false;
        openWindow();
        onSwing(() -> button("Preview as Markdown").doClick());
        Editor.next(editor.shown, "a page", each -> each.getUri().endsWith(".preview.md"));
        JBCefApp.missing = true;
        openWindow();
        onSwing(() -> button("Preview as Markdown").doClick());
        Editor.next(editor.shown, "a page", each -> each.getUri().endsWith(".preview.md"));
        check(JBCefBrowser.PAGES.isEmpty(), "no page is shown in a browser");
    }

    private void untrusted() throws Exception {
        Path own = program(folder.resolve(".venv").resolve("bin"));
        Path onPath = program(folder.resolve("bin"));
        EnvironmentUtil.path = onPath.getParent().toString();
        new PromptServerFactory().createConnectionProvider(project).start();
        is(List.of(onPath.toString(), "lsp"), GeneralCommandLine.last, "the command");

        String uri = openWindow();
        said("not trusted");
        onSwing(() -> button("Run").doClick());
        said("not trusted");
        var document = new TextDocumentIdentifier(uri);
        Hover hover = editor.server().getTextDocumentService()
                .hover(new HoverParams(document, editor.behind(uri, "\nuse"))).get();
        check(!String.valueOf(hover).contains("Hello Ada"), hover);
        check(JBCefBrowser.PAGES.isEmpty() && editor.shown.isEmpty(), "something is rendered or run");
        editor.replace(uri, "{{ name }}", "{{ nmae }}");
        var findings = editor.server().getTextDocumentService().diagnostic(new DocumentDiagnosticParams(document)).get();
        check(!findings.getLeft().getItems().isEmpty(), "it is checked all the same");
        editor.replace(uri, "{{ nmae }}", "{{ name }}");

        TrustedProjects.trusted = true;
        new TrustListener().onProjectTrusted(project);
        is(List.of("promptls"), LanguageServerManager.STARTED, "servers that start again");
        new PromptServerFactory().createConnectionProvider(project).start();
        is(List.of(own.toString(), "lsp"), GeneralCommandLine.last, "the command");
        client.handleServerStatusChanged(ServerStatus.started);
        page("Hello Ada");
    }

    /** The file's URI. Nothing is asked before the window is looked at. */
    private String openWindow() throws Exception {
        String uri = editor.uri("greet.prompty");
        if (!editor.holds(uri)) editor.open(uri, "prompty");
        FileEditorManager.selected = new VirtualFile[] {new IdeFile(uri)};
        onSwing(() -> {
            ContentFactory.MADE.clear();
            new PreviewWindowFactory().createToolWindowContent(project, new IdeWindow());
            panel = ContentFactory.MADE.get(0);
            check(JBCefBrowser.PAGES.isEmpty(), "a window that nobody looks at asks nothing");
            panel.addNotify(); // now it is looked at
        });
        return uri;
    }

    private void said(String words) throws InterruptedException {
        Editor.until("it is said: " + words, () -> all(panel, JLabel.class).stream()
                .anyMatch(each -> String.valueOf(each.getText()).contains(words)));
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
        client.handleServerStatusChanged(ServerStatus.started);
        is("{\"promptls\":{\"trusted\":true,\"target\":\"openai/gpt-5\",\"offline\":true,\"inlayHints\":false}}",
                String.valueOf(LanguageClientImpl.sent), "what the server is sent");
    }

    private void start() throws Exception {
        Path program = program(folder.resolve(".venv").resolve("bin"));
        new PromptServerFactory().createConnectionProvider(project).start();
        is(List.of(program.toString(), "lsp"), GeneralCommandLine.last, "the command");
        is(folder.toString(), GeneralCommandLine.folder, "the folder");
        TrustedProjects.missing = true;
        new PromptServerFactory().createConnectionProvider(project).start(); // as 2024.2 is asked
        TrustedProjects.trusted = false;
        try {
            new PromptServerFactory().createConnectionProvider(project).start();
            throw new AssertionError("a program of a project that nobody trusts was started");
        } catch (CannotStartProcessException error) {
            check(error.getMessage().startsWith("promptls is not found"), error);
        }
    }

    private static Path program(Path folder) throws IOException {
        Path program = Files.createFile(Files.createDirectories(folder).resolve("promptls"));
        check(program.toFile().setExecutable(true), "it can be executed");
        return program;
    }

    private static String page(String text) throws InterruptedException {
        return Editor.next(JBCefBrowser.PAGES, "a page with " + text, each -> plain(each).contains(text));
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
        public boolean isDisposed() {
            return false;
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
