import { createTheme, localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Route, Router, Switch } from "wouter";

import { Problem, ME_KEY } from "./client/index.ts";
import { Shell } from "./shell/shell.tsx";
import { deferred } from "./ui/deferred.tsx";
import { PageLoading } from "./ui/loading.tsx";

const SignIn = deferred(async () => (await import("./shell/sign-in.tsx")).SignIn, <PageLoading />);
const SecondFactorGate = deferred(
  async () => (await import("./shell/second-factor-gate.tsx")).SecondFactorGate,
  <PageLoading />,
);
const Consent = deferred(async () => (await import("./consent/consent.tsx")).Consent, <PageLoading />);
const ConsentProblem = deferred(async () => (await import("./consent/consent.tsx")).ConsentProblem, <PageLoading />);

// The page's policy allows no style element: none of what Mantine would inject is switched on, and modals do not lock
// the scroll by one.
const theme = createTheme({
  fontFamily: "var(--font)",
  cursorType: "pointer",
  defaultRadius: "var(--radius)",
  respectReducedMotion: true,
  components: {
    Modal: { defaultProps: { lockScroll: false, transitionProps: { duration: 100 } } },
    Drawer: { defaultProps: { lockScroll: false, transitionProps: { duration: 120 } } },
    Popover: { defaultProps: { transitionProps: { duration: 80 }, shadow: "md" } },
    Menu: { defaultProps: { transitionProps: { duration: 80 }, shadow: "md" } },
    Tooltip: { defaultProps: { transitionProps: { duration: 80 }, openDelay: 150, withArrow: true } },
    Button: { defaultProps: { size: "sm" } },
    TextInput: { defaultProps: { size: "sm" } },
  },
});

const colorScheme = localStorageColorSchemeManager({ key: "bursar-theme" });

const LACKS_FACTOR = "access.second_factor_needed";

const queries = new QueryClient({
  defaultOptions: { queries: { refetchOnWindowFocus: true, retry: 1, gcTime: 600_000 } },
});

// A session that ended in the middle, or has to show more than before: who we are is asked again, and the shell shows
// the way in.
queries.getQueryCache().subscribe(({ type, query }) => {
  const { error } = query.state;
  const ended = type === "updated" && error instanceof Problem && (error.status === 401 || error.code === LACKS_FACTOR);
  if (ended && query.queryKey[0] !== ME_KEY[0]) void queries.invalidateQueries({ queryKey: ME_KEY });
});

export function App() {
  return (
    <MantineProvider
      theme={theme}
      colorSchemeManager={colorScheme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queries}>
        <Router>
          <Switch>
            <Route path="/sign-in">
              <SignIn />
            </Route>
            <Route path="/second-factor">
              <SecondFactorGate />
            </Route>
            <Route path="/consent/problem">
              <ConsentProblem />
            </Route>
            <Route path="/consent/:uid">{({ uid }) => <Consent uid={uid} />}</Route>
            <Route>
              <Shell />
            </Route>
          </Switch>
        </Router>
      </QueryClientProvider>
    </MantineProvider>
  );
}
