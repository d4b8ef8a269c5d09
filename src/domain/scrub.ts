const KEY = /sk-ant-[A-Za-z0-9]+-[A-Za-z0-9_-]{6,}/g;

/** An API token of our own. */
const TOKEN = /bursar_[0-9a-f]{12}_[0-9a-f]{20,}\w*/g;

/** The last net under everything that is written for people: whatever looks like a key is not shown. */
export function scrub(text: string): string {
  return text.replace(KEY, "sk-ant-[removed]").replace(TOKEN, "bursar_[removed]");
}
