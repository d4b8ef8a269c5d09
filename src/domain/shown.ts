/**
 * Controls, marks that turn the direction of writing, and what is invisible: line and word joiners, tags, selectors. A
 * reader would not see them, and a program or a model might obey them.
 */
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e01ef}]/gu;

/** Text from outside as people and models may read it: what cannot be seen is spelled out, long text is cut. */
export function shown(text: string, most = 200): string {
  const visible = text
    .toWellFormed()
    .replace(UNSEEN, (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`);
  return visible.length > most ? `${visible.slice(0, most - 1).toWellFormed()}…` : visible;
}
