import "./directory.css";

/** A name with what tells it from others below it. */
export function NamedCell({ name, below }: { name: string; below?: string | null | undefined }) {
  return (
    <span className="named-cell">
      <bdi title={name}>{name}</bdi>
      {below != null && below !== "" && (
        <bdi className="small quiet" title={below}>
          {below}
        </bdi>
      )}
    </span>
  );
}
