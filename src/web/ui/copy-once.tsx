import { Button } from "@mantine/core";
import { Check, Copy } from "lucide-react";
import { useState } from "react";

/** A secret that is shown this one time. */
export function CopyOnce({ label, secret }: { label: string; secret: string }) {
  const [copied, setCopied] = useState(false);
  const [failed, setFailed] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      setCopied(true);
    } catch {
      // Browsers lend the clipboard to https and to this machine only.
      setFailed(true);
    }
  };
  return (
    <div className="copy-once">
      <p>
        <strong>{label}</strong> Shown this once, and kept nowhere in readable form: copy it now.
      </p>
      <div className="copy-once-line">
        <code>{secret}</code>
        <Button
          size="xs"
          variant="default"
          leftSection={copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
          onClick={() => void copy()}
        >
          {copied ? "Copied" : "Copy"}
        </Button>
      </div>
      <span className="visually-hidden" role="status">
        {copied ? "Copied to the clipboard." : ""}
      </span>
      {failed && <p role="alert">The browser does not let this page copy. Select the text and copy it by hand.</p>}
    </div>
  );
}
