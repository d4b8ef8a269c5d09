import { useLayoutEffect, useState, type RefObject } from "react";

/** Whether the table is wider than its place. Only then may it scroll sideways: that would unpin its head. */
export function useIsWide(frame: RefObject<HTMLDivElement | null>): boolean {
  const [isWide, setIsWide] = useState(false);
  useLayoutEffect(() => {
    const element = frame.current;
    const table = element?.firstElementChild;
    if (element === null || table == null) return;
    const observer = new ResizeObserver(() => setIsWide(table.scrollWidth > element.clientWidth + 1));
    observer.observe(element);
    // Other rows may be wider.
    observer.observe(table);
    return () => observer.disconnect();
  }, [frame]);
  return isWide;
}
