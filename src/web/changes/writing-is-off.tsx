import { Notice } from "../ui/index.ts";

/** Why nothing can be changed, and what switches it on. */
export function WritingIsOff() {
  return (
    <Notice kind="note">
      Changing anything at Anthropic is switched off here: Bursar only reads. Whoever runs the server can switch it on
      by starting it with <code>BURSAR_ALLOW_WRITES=1</code>. What was done before stays listed.
    </Notice>
  );
}
