import type { JsonSchema, OpenApiDocument, PathItem, PathOperation } from "./types.ts";

/** The document as a page to read: no script, its one style sheet a file. */
export function referencePage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, item]) => {
    const { get, post }: PathItem = item;
    return [
      ...(get ? [{ method: "GET", path, operation: get }] : []),
      ...(post ? [{ method: "POST", path, operation: post }] : []),
    ];
  });
  const sections = document.tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    const entries = own.map(({ method, path, operation }) => entryOf(method, path, operation, document)).join("");
    return `<section><h2 id="${idOf(name)}">${text(name)}</h2><p>${text(description)}</p>${entries}</section>`;
  });
  const menu = document.tags
    .map(({ name }) => {
      const own = operations.filter(({ operation }) => operation.tags.includes(name));
      const links = own.map(
        ({ operation }) => `<li><a href="#${operation.operationId}">${text(operation.summary)}</a></li>`,
      );
      return `<li><a href="#${idOf(name)}">${text(name)}</a><ul>${links.join("")}</ul></li>`;
    })
    .join("");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Bursar API ${text(document.info.version)}</title>
<link rel="stylesheet" href="/api/reference.css">
</head>
<body>
<nav aria-label="Operations"><ul>${menu}</ul></nav>
<main>
<h1>Bursar API</h1>
<p>${text(document.info.description)}</p>
<p>The same as an OpenAPI 3.1 document: <a href="/api/openapi.json">/api/openapi.json</a>.</p>
${sections.join("\n")}
${problemsSection(document)}
</main>
</body>
</html>
`;
}

function entryOf(method: string, path: string, operation: PathOperation, document: OpenApiDocument): string {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  const given = (parameters ?? []).map((one) => {
    if ("name" in one) return one;
    return document.components.parameters[one.$ref.split("/").at(-1) ?? ""]!;
  });
  const rows = given.map(({ name, required, schema, description: says }) =>
    rowOf(name, required === true, typeOf(schema), says ?? ""),
  );
  const body = requestBody?.content["application/json"]?.schema;
  const needed = (body?.["required"] ?? []) as string[];
  const members = Object.entries((body?.["properties"] ?? {}) as Record<string, JsonSchema>).map(([name, schema]) =>
    rowOf(name, needed.includes(name), typeOf(schema), saysOf(schema)),
  );
  const statuses = Object.keys(responses).join(", ");
  return `<article>
<h3 id="${operationId}">${text(summary)}</h3>
<p><code><b>${method}</b> ${text(path)}</code></p>
<p>${text(description)}</p>
${tableOf("In the address", rows)}${tableOf("In the body", members)}
${answerOf(operation, document)}
<p>Answers with ${text(statuses)}.</p>
</article>
`;
}

function answerOf({ responses }: PathOperation, document: OpenApiDocument): string {
  const success = responses["200"] ?? responses["202"];
  const content = success !== undefined && "content" in success ? (success.content ?? {}) : {};
  const kinds = Object.keys(content).map((kind) => `<code>${text(kind)}</code>`);
  const schema = content["application/json"]?.schema;
  const members = schema === undefined ? [] : Object.entries(propertiesOf(schema, document));
  const rows = members.map(([name, member]) => rowOf(name, false, typeOf(member), saysOf(member)));
  return `<p>Gives ${kinds.join(" or ")}.</p>${tableOf("In the answer", rows)}`;
}

function propertiesOf(schema: JsonSchema, document: OpenApiDocument): Record<string, JsonSchema> {
  if (typeof schema["$ref"] === "string") {
    return propertiesOf(document.components.schemas[schema["$ref"].split("/").at(-1) ?? ""] ?? {}, document);
  }
  const parts = (schema["allOf"] ?? []) as JsonSchema[];
  const own = (schema["properties"] ?? {}) as Record<string, JsonSchema>;
  return Object.assign({}, ...parts.map((part) => propertiesOf(part, document)), own) as Record<string, JsonSchema>;
}

function problemsSection({ components }: OpenApiDocument): string {
  const entries = Object.values(components.responses).map(({ description, content }) => {
    const [example] = Object.values(Object.values(content ?? {})[0]?.examples ?? {});
    return `<h3>${text(description)}</h3><pre>${text(JSON.stringify(example?.value, null, 2))}</pre>`;
  });
  return `<section><h2 id="problems">Problems</h2><p>Every failure is a problem of RFC 9457. Its code is for programs, its hint for people.</p>${entries.join("")}</section>`;
}

function tableOf(caption: string, rows: readonly string[]): string {
  if (rows.length === 0) return "";
  return `<table><caption>${caption}</caption><thead><tr><th scope="col">name</th><th scope="col">kind</th><th scope="col">what it is</th></tr></thead><tbody>${rows.join("")}</tbody></table>\n`;
}

function rowOf(name: string, isRequired: boolean, kind: string, says: string): string {
  return `<tr><th scope="row"><code>${text(name)}</code>${isRequired ? " (needed)" : ""}</th><td>${text(kind)}</td><td>${text(says)}</td></tr>`;
}

/** A schema in a few words: `list of text`, `day, week or month`. */
function typeOf(schema: JsonSchema): string {
  const {
    enum: values,
    type,
    items,
    anyOf,
    $ref,
  } = schema as {
    enum?: unknown[];
    type?: string | string[];
    items?: JsonSchema;
    anyOf?: JsonSchema[];
    $ref?: string;
  };
  if ($ref !== undefined) return $ref.split("/").at(-1) ?? "";
  if (values !== undefined) return values.map(String).join(", ");
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeOf))].join(" or ");
  if (type === "array") return `list of ${typeOf(items ?? {})}`;
  if (type === undefined) return "any";
  return [type].flat().join(" or ");
}

function saysOf({ description }: JsonSchema): string {
  return typeof description === "string" ? description : "";
}

function idOf(tag: string): string {
  return `tag-${tag.toLowerCase()}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function text(plain: string): string {
  return plain.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
