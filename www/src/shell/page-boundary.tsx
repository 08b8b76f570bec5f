// Catches a page that did not load, or that failed. The other pages keep working.
import { Component, type ReactNode } from "react";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";

export class PageBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <Notice
        alone
        kind="error"
        title="This page could not be shown"
        actions={<Button onClick={() => location.reload()}>Reload the page</Button>}
      >
        <p>A part of the page did not load, or failed. Nothing was changed.</p>
      </Notice>
    );
  }
}
