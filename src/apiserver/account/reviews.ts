// POST of TokenReviews and SelfSubjectReviews: questions about callers, answered at once and never stored.
import type { SelfSubjectReview, TokenReview, TokenReviewStatus } from '../../api/generated/types.ts';
import { apiVersionOf, SELF_SUBJECT_REVIEWS, TOKEN_REVIEWS, type Resource } from '../../api/kinds.ts';
import { required } from '../../api/field-errors.ts';
import { invalidError } from '../../api/status-error.ts';
import { userNamed } from '../../api/account/account-names.ts';
import { toTime } from '../../api/time.ts';
import type { Call, Verb } from '../call.ts';
import { replyValue } from '../reply.ts';
import { readObject } from '../request-body.ts';
import { judgeToken, type Judgement } from './judge-token.ts';

/** Undefined for resources that are stored. */
export function reviewVerb(resource: Resource): Verb | undefined {
  if (resource === (TOKEN_REVIEWS as Resource)) return reviewToken;
  return resource === (SELF_SUBJECT_REVIEWS as Resource) ? reviewSelf : undefined;
}

const reviewToken: Verb = async (call) => {
  const review = readObject(call) as TokenReview;
  const { token = '', audiences = [] } = review.spec ?? {};
  if (token === '') throw invalidError(call.resource, '', [required('spec.token')]);
  const judgement = judgeToken(call.server, token, audiences);
  return answer(call, { ...review, status: statusOf(judgement) });
};

function statusOf(judgement: Judgement): TokenReviewStatus {
  if (judgement.type === 'accepted') return { authenticated: true, user: judgement.user, audiences: [...judgement.audiences] };
  return { user: {}, error: judgement.why === '' ? 'invalid bearer token' : `[invalid bearer token, ${judgement.why}]` };
}

const reviewSelf: Verb = async (call) => {
  const review = readObject(call) as SelfSubjectReview;
  const { user, identity } = call.request;
  return answer(call, { ...review, metadata: { ...review.metadata, creationTimestamp: toTime(call.server.clock.now()) }, status: { userInfo: identity ?? userNamed(user) } });
};

function answer({ resource }: Call, review: object): ReturnType<typeof replyValue> {
  return replyValue({ ...review, kind: resource.kind, apiVersion: apiVersionOf(resource) }, 201);
}
