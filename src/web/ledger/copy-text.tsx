import { Button } from "@mantine/core";
import { Check, Copy } from "lucide-react";
import { useState } from "react";

/** A text to be taken elsewhere, byte for byte. */
export function CopyText({ label, text }: { label: string; text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="ledger-copy">
      <div className="ledger-copy-head">
        <span className="small quiet">{label}</span>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={copied ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}
          onClick={() => void copy()}
        >
          {copied ? "Copied" : "Copy"}
          <span className="visually-hidden"> {label}</span>
        </Button>
      </div>
      <pre tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </div>
  );
}
