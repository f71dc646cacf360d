package dev.promptls.jetbrains;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.intellij.openapi.Disposable;
import com.intellij.openapi.fileEditor.FileEditorManager;
import com.intellij.openapi.fileEditor.FileEditorManagerEvent;
import com.intellij.openapi.fileEditor.FileEditorManagerListener;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.vfs.VirtualFile;
import com.redhat.devtools.lsp4ij.LSPIJUtils;
import com.redhat.devtools.lsp4ij.LanguageServerItem;
import com.redhat.devtools.lsp4ij.LanguageServerManager;
import java.awt.BorderLayout;
import java.awt.FlowLayout;
import java.awt.event.HierarchyEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import javax.swing.DefaultComboBoxModel;
import javax.swing.JButton;
import javax.swing.JComboBox;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.SwingUtilities;
import javax.swing.Timer;
import javax.swing.UIManager;
import org.eclipse.lsp4j.ExecuteCommandParams;
import org.eclipse.lsp4j.Position;
import org.jetbrains.annotations.NotNull;

/** The server's page for the file in the editor, whatever is typed there; samples, Run and Stop above it. */
final class PreviewPanel implements Disposable, FileEditorManagerListener, PreviewHub.Window {
    /** Milliseconds: a file that has just been opened is told to the server a little later, and only then watched. */
    private static final int LATER = 1500;

    private final Project project;
    private final PreviewHub hub;
    private final JPanel panel = new JPanel(new BorderLayout()) {
        @Override
        public void updateUI() { // the IDE has another theme
            super.updateUI();
            if (content != null) {
                showPage();
            }
        }
    };
    private final JLabel said = new JLabel();
    private final JComboBox<String> samples = new JComboBox<>();
    private final PreviewBrowser browser = browser();
    private final Timer again = new Timer(LATER, event -> ask(null));
    private volatile String uri = "";
    /** The same file as the server spells it. */
    private String answered = "";
    /** The page of it; null before the first. */
    private String content;
    private boolean filling;

    PreviewPanel(Project project) {
        this.project = project;
        this.hub = PreviewHub.getInstance(project);
        again.setRepeats(false);
        JPanel bar = new JPanel(new FlowLayout(FlowLayout.LEFT));
        bar.add(samples);
        bar.add(button("Run", "promptls.run"));
        bar.add(button("Stop", "promptls.cancel"));
        samples.setVisible(false);
        samples.addActionListener(event -> {
            if (!filling) {
                ask(samples.getSelectedIndex() + 1);
            }
        });
        panel.add(bar, BorderLayout.NORTH);
        if (browser == null) {
            bar.add(button("Preview as Markdown", "promptls.preview"));
            panel.add(new JLabel("This IDE has no browser to show the page in."), BorderLayout.CENTER);
        } else {
            panel.add(browser.getComponent(), BorderLayout.CENTER);
        }
        bar.add(said);
        hub.add(this);
        project.getMessageBus().connect(this).subscribe(FileEditorManagerListener.FILE_EDITOR_MANAGER, this);
        panel.addHierarchyListener(event -> {
            if ((event.getChangeFlags() & HierarchyEvent.SHOWING_CHANGED) != 0) {
                VirtualFile[] selected = FileEditorManager.getInstance(project).getSelectedFiles();
                follow(selected.length == 0 ? null : selected[0]);
            }
        });
    }

    private PreviewBrowser browser() {
        try {
            return PreviewBrowser.isSupported() ? new PreviewBrowser(this, this::clicked) : null;
        } catch (LinkageError missing) {
            return null;
        }
    }

    JComponent getComponent() {
        return panel;
    }

    @Override
    public void dispose() {
        again.stop();
        hub.remove(this);
        if (!project.isDisposed()) { // else its documents are closed, and with them what is watched
            forget();
        }
    }

    @Override
    public void selectionChanged(@NotNull FileEditorManagerEvent event) {
        follow(event.getNewFile());
    }

    @Override
    public void changed(Preview preview) {
        SwingUtilities.invokeLater(() -> {
            if (answered.equals(preview.getUri())) {
                show(preview);
            }
        });
    }

    @Override
    public void serverStarted() {
        SwingUtilities.invokeLater(() -> {
            ask(null);
            again.restart();
        });
    }

    private JButton button(String title, String command) {
        JButton button = new JButton(title);
        button.addActionListener(event -> withServer(item -> item.getServer().getWorkspaceService()
                .executeCommand(new ExecuteCommandParams(command, List.of(Map.of("uri", uri))))));
        return button;
    }

    /** From now on show this file; nothing is asked while nobody looks. */
    private void follow(VirtualFile file) {
        if (panel.isShowing() && (file == null || !file.isInLocalFileSystem())) {
            return; // a page without a prompt: the one before stays
        }
        forget();
        if (panel.isShowing()) {
            uri = LSPIJUtils.toUriAsString(file);
            ask(null);
            again.restart();
        }
    }

    /** @param sample counts from 1; null for the one that was chosen last */
    private void ask(Integer sample) {
        String asked = uri;
        if (asked.isEmpty() || browser == null) {
            return;
        }
        withServer(item -> ((PromptServer) item.getServer()).preview(PreviewParams.watch(asked, sample))
                .thenAccept(preview -> SwingUtilities.invokeLater(() -> {
                    if (preview != null && asked.equals(uri)) {
                        answered = preview.getUri();
                        show(preview);
                    }
                })));
    }

    private void forget() {
        String old = uri;
        if (!old.isEmpty() && browser != null) {
            withServer(item -> ((PromptServer) item.getServer()).preview(PreviewParams.forget(old)));
        }
        uri = "";
        answered = "";
    }

    private void withServer(Function<LanguageServerItem, CompletableFuture<?>> request) {
        LanguageServerManager.getInstance(project).getLanguageServer(PromptServerFactory.ID)
                .thenCompose(item -> item == null
                        ? CompletableFuture.failedFuture(new IllegalStateException("The server is not running: open a"
                                + " prompt file, or look into the LSP console."))
                        : request.apply(item))
                .whenComplete((done, error) -> SwingUtilities.invokeLater(() -> said.setText(sentence(error))));
    }

    private static String sentence(Throwable error) {
        if (error == null) {
            return "";
        }
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return String.valueOf(cause.getMessage());
    }

    private void show(Preview preview) {
        filling = true;
        samples.setModel(new DefaultComboBoxModel<>(preview.getSamples().toArray(new String[0])));
        samples.setSelectedIndex(preview.getSample() == null ? -1 : preview.getSample() - 1);
        samples.setVisible(preview.getSamples().size() > 1);
        filling = false;
        content = preview.getContent();
        showPage();
    }

    private void showPage() {
        browser.show(content, PreviewPage.isDark(UIManager.getColor("Panel.background")));
    }

    /** In a thread of the browser's. */
    private void clicked(String said) {
        Clicked what;
        try {
            what = new Gson().fromJson(said, Clicked.class);
        } catch (JsonParseException nonsense) {
            return;
        }
        if (what.line != null) {
            Position place = new Position(Math.max(0, what.line), 0);
            String shown = uri;
            CompletableFuture.runAsync(() -> LSPIJUtils.openInEditor(shown, place, project));
        } else if (what.sample != null) {
            SwingUtilities.invokeLater(() -> ask(what.sample));
        }
    }

    /** What a page may say: the line, from 0, or the sample, from 1, that was clicked on. */
    private static final class Clicked {
        private Integer line;
        private Integer sample;
    }
}
