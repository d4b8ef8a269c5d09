import "./directory.css";

/** A name with what tells it from others below it. */
export function NamedCell({
  name,
  below,
  id,
}: {
  name: string;
  below?: string | null | undefined;
  /** What the name stands for, told on hover instead of the name itself. */
  id?: string | null | undefined;
}) {
  return (
    <span className="named-cell">
      <bdi title={id ?? name}>{name}</bdi>
      {below != null && below !== "" && (
        <bdi className="small quiet" title={below}>
          {below}
        </bdi>
      )}
    </span>
  );
}
