import { isObject, type JsonObject } from "../../../json.ts";

/** What a JSON Schema has at a path as ajv gives it (`#/properties/hub`); empty where it has no object there. */
export function schemaAt(schema: JsonObject, path: string): JsonObject {
  const parts = path.replace(/^#\/?/, "").split("/").filter(Boolean).map(decode);
  const found = parts.reduce<unknown>(
    (at, part) => (Array.isArray(at) ? at[Number(part)] : isObject(at) ? at[part] : undefined),
    schema,
  );
  return isObject(found) ? found : {};
}

const decode = (part: string) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
