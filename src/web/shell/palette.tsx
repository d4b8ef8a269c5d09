import { createSpotlight, Spotlight, type SpotlightActionData } from "@mantine/spotlight";
import "@mantine/spotlight/styles.layer.css";
import "./palette.css";
import { useMantineColorScheme } from "@mantine/core";
import { Boxes, Download, KeyRound, Moon, Search, Sigma, Sun, User, Users } from "lucide-react";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";

import { useAnswer, useMe, useSignOut } from "../client/index.ts";
import { carriedFilters } from "../filters/index.ts";
import { labelOf } from "../format/index.ts";
import { pages } from "../pages/index.ts";

const [store, spotlight] = createSpotlight();

/** Finds pages, people, teams, workspaces, keys, metrics and actions by any of their words. */
export function Palette({ onClose, onKeys }: { onClose: () => void; onKeys: () => void }) {
  const [query, setQuery] = useState("");
  const actions = useActions(onKeys);
  useEffect(() => {
    spotlight.open();
    return () => spotlight.close();
  }, []);
  const groups = Map.groupBy(find(actions, query), ({ group }) => group ?? "");
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      shortcut={null}
      lockScroll={false}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      scrollable
      maxHeight={420}
      transitionProps={{ duration: 80 }}
    >
      <Spotlight.Search
        placeholder="Find a page, person, workspace, key or metric"
        leftSection={<Search size={16} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {[...groups].map(([group, found]) => (
          <Spotlight.ActionsGroup key={group} label={group}>
            {found.map((action) => (
              <Spotlight.Action key={action.id} {...shown(action)} />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {groups.size === 0 && (
          <Spotlight.Empty>Nothing by that name. Names of people are found by those who may see them.</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

/** What an entry shows; its group and the words that find it are no part of that. */
function shown({ group: _group, keywords: _keywords, ...action }: SpotlightActionData): SpotlightActionData {
  return action;
}

/** Begins with the pages; everything else needs a word, or the list would be the whole organization. */
function find(actions: readonly SpotlightActionData[], query: string): SpotlightActionData[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const most = new Map<string, number>();
  return actions.filter(({ label, description, group = "", keywords }) => {
    if (words.length === 0 && group !== "Pages" && group !== "Actions") return false;
    const text = `${label} ${description} ${String(keywords ?? "")}`.toLocaleLowerCase();
    if (!words.every((word) => text.includes(word))) return false;
    const count = (most.get(group) ?? 0) + 1;
    most.set(group, count);
    return count <= (words.length === 0 ? 30 : 7);
  });
}

function useActions(onKeys: () => void): SpotlightActionData[] {
  const [, go] = useLocation();
  const { may } = useMe();
  const { setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const metrics = useAnswer("describeMetrics", {});
  const workspaces = useAnswer("listWorkspaces", {});
  const teams = useAnswer("report", { metric: "sessions", by: ["team"] });
  const people = useAnswer("report", may("people") ? { metric: "sessions", by: ["person"] } : null);
  const keys = useAnswer("report", { metric: "tokens", by: ["api_key"], source: "messages" });
  const search = carriedFilters(globalThis.location.search);
  const has = (path: string) => pages.some((page) => page.path === path);
  const narrowed = (name: string, value: string) => `/?${new URLSearchParams({ [name]: value }).toString()}`;
  const valuesOf = (rows: readonly Record<string, unknown>[] | undefined, dimension: string) => [
    ...new Set(rows?.map((row) => row[dimension]).filter((value) => typeof value === "string")),
  ];

  return [
    ...pages
      .filter(({ hidden, needs }) => hidden !== true && (needs === undefined || may(needs)))
      .map(({ path, title, group, key, words, icon: Icon }): SpotlightActionData => ({
        id: `page ${path}`,
        group: "Pages",
        label: title,
        keywords: `${group} ${words ?? ""}`,
        leftSection: <Icon size={16} strokeWidth={1.75} aria-hidden />,
        rightSection: key === undefined ? undefined : <kbd>g {key}</kbd>,
        onClick: () => go(`${path}${search}`),
      })),
    ...valuesOf(people.data?.rows, "person").map((person): SpotlightActionData => ({
      id: `person ${person}`,
      group: "People",
      label: person,
      leftSection: <User size={16} aria-hidden />,
      onClick: () => go(has("/people/:id") ? `/people/${encodeURIComponent(person)}` : narrowed("person", person)),
    })),
    ...valuesOf(teams.data?.rows, "team").map((team): SpotlightActionData => ({
      id: `team ${team}`,
      group: "Teams",
      label: team,
      leftSection: <Users size={16} aria-hidden />,
      onClick: () => go(narrowed("team", team)),
    })),
    ...(workspaces.data?.rows ?? []).map(({ id, name, workspaceId }): SpotlightActionData => ({
      id: `workspace ${id ?? name}`,
      group: "Workspaces",
      label: name,
      keywords: id ?? "",
      leftSection: <Boxes size={16} aria-hidden />,
      onClick: () =>
        go(`${has("/spend") ? "/spend" : "/"}?${new URLSearchParams({ workspace: String(workspaceId) }).toString()}`),
    })),
    ...valuesOf(keys.data?.rows, "api_key").map((key): SpotlightActionData => ({
      id: `key ${key}`,
      group: "API keys",
      label: labelOf(key, "api_key"),
      leftSection: <KeyRound size={16} aria-hidden />,
      onClick: () => go(`${has("/spend") ? "/spend" : "/"}?${new URLSearchParams({ key }).toString()}`),
    })),
    ...(metrics.data?.metrics ?? []).map(({ id, title, description }): SpotlightActionData => ({
      id: `metric ${id}`,
      group: "Metrics",
      label: title,
      description,
      keywords: id,
      leftSection: <Sigma size={16} aria-hidden />,
      onClick: () => go(has("/analytics") ? `/analytics?metric=${id}` : "/"),
    })),
    {
      id: "light",
      group: "Actions",
      label: "Light theme",
      leftSection: <Sun size={16} aria-hidden />,
      onClick: () => setColorScheme("light"),
    },
    {
      id: "dark",
      group: "Actions",
      label: "Dark theme",
      leftSection: <Moon size={16} aria-hidden />,
      onClick: () => setColorScheme("dark"),
    },
    {
      id: "print",
      group: "Actions",
      label: "Print this page as a report",
      leftSection: <Download size={16} aria-hidden />,
      onClick: () => setTimeout(() => globalThis.print(), 200),
    },
    {
      id: "keys",
      group: "Actions",
      label: "List the keys",
      rightSection: <kbd>?</kbd>,
      onClick: () => setTimeout(onKeys, 0),
    },
    { id: "sign-out", group: "Actions", label: "Sign out", onClick: () => void signOut() },
  ];
}
