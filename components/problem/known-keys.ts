import { z } from "zod";

/**
 * The keys that a part of a document takes, at any depth, as {@link ZodContext.known} wants them. The schema
 * is taken apart when it is first asked: most documents have no unknown key.
 */
export function keysKnownTo(schema: z.ZodType): (path: readonly PropertyKey[]) => string[] {
  let whole: JsonSchema | undefined;
  return (path) => {
    whole ??= z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema;
    const at = path.reduce<JsonSchema[]>(
      (nodes, part) => nodes.flatMap((node) => below(node, part)),
      [whole],
    );
    return at.flatMap(alternatives).flatMap(({ properties = {} }) => Object.keys(properties));
  };
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

const alternatives = (node: JsonSchema): readonly JsonSchema[] => node.anyOf ?? node.oneOf ?? [node];

function below(node: JsonSchema, part: PropertyKey): JsonSchema[] {
  return alternatives(node).flatMap(({ properties, additionalProperties, items }) => {
    const found = properties?.[String(part)] ?? additionalProperties ?? items;
    return typeof found === "object" ? [found] : [];
  });
}
