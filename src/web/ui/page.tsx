import { useEffect, type ReactNode } from "react";

import { FilterBar, PresentNotice, type FilterBarProps } from "../filters/index.ts";

interface PageProps {
  readonly title: string;
  /** What this page answers, in plain words. */
  readonly sentence?: ReactNode;
  /** Which filters the page obeys beside its range; `false` for a page without figures. */
  readonly filters?: false | FilterBarProps;
  /** Buttons beside the title. */
  readonly actions?: ReactNode;
  readonly foot?: ReactNode;
  readonly children: ReactNode;
}

/** The anatomy that every page shares: title and sentence, filters, contents, foot. */
export function Page({ title, sentence, filters = false, actions, foot, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Bursar`;
  }, [title]);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1 className="page-title">{title}</h1>
          {sentence !== undefined && <p className="page-sentence">{sentence}</p>}
        </div>
        {actions !== undefined && <div className="page-actions no-print">{actions}</div>}
      </header>
      {filters !== false && <FilterBar {...filters} />}
      {(filters === false || filters.asOf === false) && <PresentNotice />}
      {children}
      {foot}
    </div>
  );
}

/** Twelve columns where there is room; each child says how many it takes by its `Column`. */
export function Columns({ children }: { children: ReactNode }) {
  return <div className="columns">{children}</div>;
}

export function Column({ span, children }: { span: 3 | 4 | 5 | 6 | 7 | 8 | 9 | 12; children: ReactNode }) {
  return (
    <div className="column" data-span={span}>
      {children}
    </div>
  );
}

/** A framed part of a page, with its heading. */
export function Card({
  title,
  sentence,
  tools,
  children,
}: {
  title: string;
  sentence?: ReactNode;
  tools?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="card">
      <header className="card-head">
        <div>
          <h2>{title}</h2>
          {sentence !== undefined && <p className="card-sentence">{sentence}</p>}
        </div>
        {tools !== undefined && <div className="card-tools">{tools}</div>}
      </header>
      {children}
    </section>
  );
}
