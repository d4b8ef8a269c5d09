import { useEffect, useState, type ComponentType, type ReactNode } from "react";

/** A component whose code comes when it is first shown. */
export type Deferred<Props> = ComponentType<Props> & {
  /** Sends for the code before it is shown. */
  readonly prepare: () => void;
};

/**
 * Loads a component when it is first shown, with `meanwhile` in its place.
 *
 * Not React's `lazy`: what comes within 300 ms of a fallback is held back until they have passed, and a page asks its
 * first question only once it is shown. Code that cannot be loaded is thrown where the component would stand.
 */
export function deferred<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  meanwhile: ReactNode = null,
): Deferred<Props> {
  const code = codeOf(load);
  function WhenLoaded(props: Props) {
    const Component = code.use(true);
    return Component === null ? meanwhile : <Component {...props} />;
  }
  return Object.assign(WhenLoaded, { prepare: code.prepare });
}

/** What the closed form of a control does with being used. */
export interface Closed {
  /** It is used: what it opens is wanted. */
  readonly onOpen: () => void;
  /** It is pointed at or focused: it may be used next. */
  readonly onNear: () => void;
}

/** The opened form opens itself as soon as it is there, as its closed one was just used. */
export interface OpensItself {
  readonly opensItself: boolean;
}

/**
 * A control whose opened form needs far more code than its closed one. The closed one stands until it is first used;
 * then the other takes its place: most pages are read without opening anything.
 */
export function openedLater<Props extends object>(
  ClosedForm: ComponentType<Props & Closed>,
  load: () => Promise<ComponentType<Props & OpensItself>>,
): ComponentType<Props> {
  const code = codeOf(load);
  return function OpenedLater(props: Props) {
    const [isWanted, setWanted] = useState(false);
    const Opened = code.use(isWanted);
    return Opened === null || !isWanted ? (
      <ClosedForm {...props} onOpen={() => setWanted(true)} onNear={code.prepare} />
    ) : (
      <Opened {...props} opensItself />
    );
  };
}

interface Code<Props> {
  readonly prepare: () => void;
  /** The component, or null while it is not there. A hook. @throws whatever loading it threw */
  readonly use: (isWanted: boolean) => ComponentType<Props> | null;
}

function codeOf<Props>(load: () => Promise<ComponentType<Props>>): Code<Props> {
  let loaded: ComponentType<Props> | null = null;
  let coming: Promise<ComponentType<Props>> | null = null;
  const begin = (): Promise<ComponentType<Props>> => {
    coming ??= load().then(
      (component) => (loaded = component),
      (thrown: unknown) => {
        // The next one that is shown tries again.
        coming = null;
        throw thrown;
      },
    );
    return coming;
  };

  function useCode(isWanted: boolean): ComponentType<Props> | null {
    const [component, setComponent] = useState(() => loaded);
    const [failure, setFailure] = useState<{ thrown: unknown } | null>(null);
    useEffect(() => {
      if (!isWanted || component !== null) return;
      let gone = false;
      begin().then(
        (found) => gone || setComponent(() => found),
        (thrown: unknown) => gone || setFailure({ thrown }),
      );
      return () => {
        gone = true;
      };
    }, [isWanted, component]);
    if (failure !== null) throw failure.thrown;
    return component;
  }
  return { prepare: () => void begin().catch(() => undefined), use: useCode };
}
