import { Component, useEffect, useState, type ReactNode } from "react";
import { matchRoute, Route, Switch, useLocation, useRouter } from "wouter";

import { pages } from "../pages/index.ts";
import { deferred } from "../ui/deferred.tsx";
import { ErrorBox } from "../ui/error-box.tsx";
import { PageLoading } from "../ui/loading.tsx";
import { NotFound } from "./not-found.tsx";

const routes = pages.map(({ path, load }) => ({ path, page: deferred(load, <PageLoading />) }));

/** Sends for the page of the address: while it is still being found out who asks. */
export function usePreparedPage(): void {
  const [location] = useLocation();
  const { parser } = useRouter();
  const [first] = useState(location);
  useEffect(() => routes.find(({ path }) => matchRoute(parser, path, first)[0])?.page.prepare(), [parser, first]);
}

/** The page of the address, loaded when it is first opened. */
export function Pages() {
  const [path] = useLocation();
  return (
    <Boundary key={path}>
      <Switch>
        {routes.map(({ path, page: Page }) => (
          <Route key={path} path={path}>
            <Page />
          </Route>
        ))}
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Boundary>
  );
}

/** A page that breaks leaves the shell standing, and says so. */
class Boundary extends Component<{ children: ReactNode }, { thrown: unknown }> {
  override state: { thrown: unknown } = { thrown: null };

  static getDerivedStateFromError(thrown: unknown): { thrown: unknown } {
    return { thrown };
  }

  override render() {
    if (this.state.thrown === null) return this.props.children;
    return (
      <div className="page">
        <ErrorBox
          what="This page stopped working."
          means="It is a fault of the page. The record is as it was, and the other pages go on."
          todo="Load the page anew. If it happens again, report the text below."
          detail={this.state.thrown instanceof Error ? this.state.thrown.message : "No message."}
          onRetry={() => globalThis.location.reload()}
        />
      </div>
    );
  }
}
