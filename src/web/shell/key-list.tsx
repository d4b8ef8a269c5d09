import { pages } from "../pages/index.ts";
import { Dialog } from "../ui/dialog.tsx";

/** What the keyboard can do. */
export function KeyList({ onClose }: { onClose: () => void }) {
  return (
    <Dialog onClose={onClose} title="Keys">
      <dl className="key-list">
        <dt>
          <kbd>/</kbd>
        </dt>
        <dd>Search pages, people, workspaces, keys and metrics</dd>
        <dt>
          <kbd>?</kbd>
        </dt>
        <dd>This list</dd>
        <dt>
          <kbd>←</kbd> <kbd>→</kbd>
        </dt>
        <dd>On a chart: read its values one by one</dd>
        {pages
          .filter(({ key, hidden }) => key !== undefined && hidden !== true)
          .map(({ key, title }) => [
            <dt key={`${title}-key`}>
              <kbd>g</kbd> <kbd>{key}</kbd>
            </dt>,
            <dd key={title}>{title}</dd>,
          ])}
      </dl>
    </Dialog>
  );
}
