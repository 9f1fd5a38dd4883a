import type { ServiceError } from "@grpc/grpc-js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { PartialFailure } from "../../../components/resource/provider.ts";
import type { PropertyMap } from "../value/values.ts";
import type { Adapter } from "./adapter.ts";
import type { ProviderErrors } from "./provider-errors.ts";

/** Messages may be as large as the SDK allows. */
export const CHANNEL_OPTIONS = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
};

export type Method = "configure" | "check" | "diff" | "create" | "read" | "update" | "delete";

/** Makes one call to a provider. */
export type Call = <Request, Response>(method: Method, request: Request) => Promise<Response>;

/** The six operations as protocol messages. */
export function operations(call: Call): Adapter {
  return { ...questions(call), ...actions(call) };
}

function questions(call: Call): Required<Pick<Adapter, "check" | "diff" | "read">> {
  return {
    async check(resource, olds, news) {
      const request = new pb.CheckRequest()
        .setUrn(resource.urn)
        .setOlds(toStruct(olds))
        .setNews(toStruct(news));
      const response = await call<pb.CheckRequest, pb.CheckResponse>("check", request);
      const failures = response
        .getFailuresList()
        .map((failed) => ({ property: failed.getProperty(), reason: failed.getReason() }));
      return { inputs: toProperties(response.getInputs()), failures };
    },
    async diff(resource, id, olds, news) {
      const request = new pb.DiffRequest().setId(id).setUrn(resource.urn);
      request.setOlds(toStruct(olds)).setNews(toStruct(news));
      const response = await call<pb.DiffRequest, pb.DiffResponse>("diff", request);
      const { DIFF_SOME, DIFF_UNKNOWN } = pb.DiffResponse.DiffChanges;
      if (response.getChanges() === DIFF_UNKNOWN) return undefined;
      return {
        changes: response.getChanges() === DIFF_SOME,
        replaces: response.getReplacesList(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
      };
    },
    async read(resource, id, props, inputs) {
      const request = new pb.ReadRequest().setId(id).setUrn(resource.urn);
      request.setProperties(toStruct(props)).setInputs(toStruct(inputs));
      const response = await call<pb.ReadRequest, pb.ReadResponse>("read", request);
      const read = { id: response.getId(), props: toProperties(response.getProperties()) };
      return response.hasInputs() ? { ...read, inputs: toProperties(response.getInputs()) } : read;
    },
  };
}

function actions(call: Call): Required<Pick<Adapter, "create" | "update" | "delete">> {
  return {
    async create(resource, inputs) {
      const request = new pb.CreateRequest().setUrn(resource.urn).setProperties(toStruct(inputs));
      const response = await call<pb.CreateRequest, pb.CreateResponse>("create", request);
      return { id: response.getId(), outs: toProperties(response.getProperties()) };
    },
    async update(resource, id, olds, news) {
      const request = new pb.UpdateRequest().setId(id).setUrn(resource.urn);
      request.setOlds(toStruct(olds)).setNews(toStruct(news));
      const response = await call<pb.UpdateRequest, pb.UpdateResponse>("update", request);
      return { outs: toProperties(response.getProperties()) };
    },
    async delete(resource, id, props) {
      const request = new pb.DeleteRequest().setId(id).setUrn(resource.urn).setProperties(toStruct(props));
      await call("delete", request);
    },
  };
}

export function toStruct(properties: PropertyMap): struct.Struct {
  return struct.Struct.fromJavaScript(properties);
}

export function toProperties(message: struct.Struct | undefined): PropertyMap {
  // A protocol struct holds JSON and nothing else.
  return (message?.toJavaScript() ?? {}) as PropertyMap;
}

/** What a failed call reports: the provider's own message, or what worked in part. */
export function failure(error: ServiceError, errors: ProviderErrors): Error {
  errors.expect(error.details);
  const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (!(details instanceof Uint8Array)) return new Error(error.details || error.message);
  for (const detail of statuses.Status.deserializeBinary(details).getDetailsList()) {
    if (detail.getTypeName() !== "pulumirpc.ErrorResourceInitFailed") continue;
    const partial = pb.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
    return new PartialFailure(
      partial.getId(),
      toProperties(partial.getProperties()),
      partial.getReasonsList(),
    );
  }
  return new Error(error.details || error.message);
}
