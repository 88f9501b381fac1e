// /openapi/v2 and /openapi/v3.
import type { ApiRequest, ApiResponse } from '../../api/wire.ts';
import { replyValue } from '../reply.ts';
import { openApiDocument, openApiIndex } from './document.ts';
import { swaggerDocument } from './document-v2.ts';
import { swaggerProtobuf } from './swagger-protobuf.ts';

const PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
/** As clients ask for it; "@" is no character of a media type, but some write it. */
const ASKED = /com\.github\.proto-openapi\.spec\.v2[.@]v1\.0\+protobuf/;
/** A large message that never changes while the program runs. */
let protobuf: Uint8Array | undefined;

/** undefined: there is no such document. */
export function serveOpenApi(request: ApiRequest, path: string): ApiResponse | undefined {
  if (path === '/openapi/v2') return openApiV2(request);
  if (path === '/openapi/v3') return replyValue(openApiIndex());
  const match = /^\/openapi\/v3\/(?:api\/(v1)|apis\/([^/]+)\/([^/]+))$/.exec(path);
  const document = match === null ? undefined : openApiDocument(match[2] ?? '', match[1] ?? match[3] ?? '');
  return document === undefined ? undefined : replyValue(document);
}

function openApiV2({ headers }: ApiRequest): ApiResponse {
  if (!ASKED.test(String(headers['accept'] ?? ''))) return replyValue(swaggerDocument());
  protobuf ??= swaggerProtobuf(swaggerDocument());
  return { status: 200, headers: { 'content-type': PROTOBUF }, body: { type: 'stream', chunks: once(protobuf) } };
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}
