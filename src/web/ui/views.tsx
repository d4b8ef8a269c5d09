import { Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { useSearchParams } from "wouter";

interface View {
  readonly name: string;
  readonly title: string;
  readonly content: () => ReactNode;
}

/** Parts of a page of which one is shown. Which one stands in the address; the first is what the page opens with. */
export function Views({ label, views }: { label: string; views: readonly View[] }) {
  const [params, setParams] = useSearchParams();
  const [first] = views;
  const shown = views.find(({ name }) => name === params.get("view")) ?? first;
  if (shown === undefined || first === undefined) return null;
  const open = (name: string | null) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      // What the other part was narrowed to says nothing here.
      for (const own of ["view", "flag", "show"]) after.delete(own);
      if (name !== null && name !== first.name) after.set("view", name);
      return after;
    });
  return (
    <Tabs value={shown.name} onChange={open} keepMounted={false} className="views">
      <Tabs.List aria-label={label}>
        {views.map(({ name, title }) => (
          <Tabs.Tab key={name} value={name}>
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {views.map(({ name, content }) => (
        <Tabs.Panel key={name} value={name}>
          {name === shown.name && content()}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
