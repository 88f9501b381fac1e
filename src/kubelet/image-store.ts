// The images of the runtime, shared by all Pods: one pull at a time for an image, a short memory of what is here, and
// of which registries did not answer.
import type { Clock } from '../base/clock.ts';
import { registryOf } from './image-name.ts';
import { RuntimeError, type ContainerRuntime, type ImageInfo } from './runtime/container-runtime.ts';

/** Looking up the same image for each of a hundred Pods would cost more than it tells. */
const KNOWN_MS = 10_000;
/** Waiting for a registry that is not there would hold up every Pod of a laptop on a train. */
const UNREACHABLE_MS = 30_000;

export class ImageStore {
  readonly #runtime: ContainerRuntime;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #known = new Map<string, { readonly image: ImageInfo; readonly until: number }>();
  readonly #pulls = new Map<string, Promise<ImageInfo>>();
  readonly #unreachable = new Map<string, { readonly error: RuntimeError; readonly until: number }>();

  constructor(options: { readonly runtime: ContainerRuntime; readonly clock: Clock; readonly signal: AbortSignal }) {
    this.#runtime = options.runtime;
    this.#clock = options.clock;
    this.#signal = options.signal;
  }

  /** Undefined when the image is not here. */
  async find(reference: string): Promise<ImageInfo | undefined> {
    const known = this.#known.get(reference);
    if (known !== undefined && this.#clock.now() < known.until) return known.image;
    const image = await this.#runtime.image(reference);
    this.#remember(reference, image);
    return image;
  }

  forget(reference: string): void {
    this.#known.delete(reference);
  }

  /** Pods that ask for an image while it is pulled with the same credentials share that pull. */
  pull(reference: string, auth?: string): Promise<ImageInfo> {
    const unreachable = this.#unreachable.get(registryOf(reference));
    if (unreachable !== undefined && this.#clock.now() < unreachable.until) return Promise.reject(unreachable.error);
    const key = JSON.stringify([reference, auth]);
    const running = this.#pulls.get(key);
    if (running !== undefined) return running;
    const pull = this.#pull(reference, auth).finally(() => this.#pulls.delete(key));
    this.#pulls.set(key, pull);
    return pull;
  }

  async #pull(reference: string, auth: string | undefined): Promise<ImageInfo> {
    try {
      const image = await this.#runtime.pull(reference, { signal: this.#signal, ...(auth === undefined ? {} : { auth }) });
      this.#unreachable.delete(registryOf(reference));
      this.#remember(reference, image);
      return image;
    } catch (error) {
      if (error instanceof RuntimeError && error.unreachable) {
        this.#unreachable.set(registryOf(reference), { error, until: this.#clock.now() + UNREACHABLE_MS });
      }
      throw error;
    }
  }

  #remember(reference: string, image: ImageInfo | undefined): void {
    if (image === undefined) this.#known.delete(reference);
    else this.#known.set(reference, { image, until: this.#clock.now() + KNOWN_MS });
  }
}
