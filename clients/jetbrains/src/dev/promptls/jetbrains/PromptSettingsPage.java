package dev.promptls.jetbrains;

import com.intellij.openapi.options.Configurable;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.project.ProjectManager;
import com.redhat.devtools.lsp4ij.LanguageServerManager;
import java.awt.BorderLayout;
import java.awt.GridBagConstraints;
import java.awt.GridBagLayout;
import java.awt.Insets;
import javax.swing.JCheckBox;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JTextField;

/** Settings | Tools | promptls. */
public final class PromptSettingsPage implements Configurable {
    // An IDE may make this object in any thread; Swing has one of its own, and `createComponent` is called in that.
    private JTextField command;
    private JTextField target;
    private JCheckBox offline;
    private JCheckBox inlayHints;

    @Override
    public String getDisplayName() {
        return "promptls";
    }

    @Override
    public JComponent createComponent() {
        command = new JTextField();
        target = new JTextField();
        offline = new JCheckBox("Send nothing to any provider (echo still works)");
        inlayHints = new JCheckBox("Show sample values and lengths inside of the text");
        command.setToolTipText("The server's program and its arguments, such as /path/to/promptls lsp. Empty: that of the"
                + " project's .venv or venv, or the one on the PATH.");
        target.setToolTipText("What a prompt runs with where neither its file nor promptls.yaml says it: provider/model, an"
                + " alias, or echo, which sends nothing.");
        JPanel rows = new JPanel(new GridBagLayout());
        row(rows, 0, new JLabel("Command:"), command);
        row(rows, 1, new JLabel("Target:"), target);
        row(rows, 2, new JLabel(), offline);
        row(rows, 3, new JLabel(), inlayHints);
        JPanel page = new JPanel(new BorderLayout());
        page.add(rows, BorderLayout.NORTH);
        return page;
    }

    private static void row(JPanel rows, int line, JLabel label, JComponent field) {
        Insets around = new Insets(2, 4, 2, 4);
        rows.add(label, new GridBagConstraints(
                0, line, 1, 1, 0, 0, GridBagConstraints.LINE_START, GridBagConstraints.NONE, around, 0, 0));
        rows.add(field, new GridBagConstraints(
                1, line, 1, 1, 1, 0, GridBagConstraints.LINE_START, GridBagConstraints.HORIZONTAL, around, 0, 0));
        label.setLabelFor(field);
    }

    @Override
    public boolean isModified() {
        PromptSettings.Values now = PromptSettings.getInstance().getState();
        return !command.getText().equals(now.command) || !target.getText().equals(now.target)
                || offline.isSelected() != now.offline || inlayHints.isSelected() != now.inlayHints;
    }

    @Override
    public void apply() {
        PromptSettings.Values now = PromptSettings.getInstance().getState();
        now.command = command.getText();
        now.target = target.getText();
        now.offline = offline.isSelected();
        now.inlayHints = inlayHints.isSelected();
        for (Project each : ProjectManager.getInstance().getOpenProjects()) {
            LanguageServerManager.getInstance(each).start(PromptServerFactory.ID); // again, where it runs
        }
    }

    @Override
    public void reset() {
        PromptSettings.Values now = PromptSettings.getInstance().getState();
        command.setText(now.command);
        target.setText(now.target);
        offline.setSelected(now.offline);
        inlayHints.setSelected(now.inlayHints);
    }
}
