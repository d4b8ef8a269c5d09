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

  function WhenLoaded(props: Props) {
    const [Component, setComponent] = useState(() => loaded);
    const [failure, setFailure] = useState<{ thrown: unknown } | null>(null);
    useEffect(() => {
      if (Component !== null) return;
      let gone = false;
      begin().then(
        (component) => gone || setComponent(() => component),
        (thrown: unknown) => gone || setFailure({ thrown }),
      );
      return () => {
        gone = true;
      };
    }, [Component]);
    if (failure !== null) throw failure.thrown;
    return Component === null ? meanwhile : <Component {...props} />;
  }
  return Object.assign(WhenLoaded, { prepare: () => void begin().catch(() => undefined) });
}
