import { Link } from "wouter";

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <div className="page">
      <h1 className="page-title">There is no such page</h1>
      <p>
        The address may be mistyped, or what it named is gone. <Link href="/">Go to the overview</Link>, or press{" "}
        <kbd>/</kbd> to search.
      </p>
    </div>
  );
}
