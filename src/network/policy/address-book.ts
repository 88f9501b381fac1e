// pure: which Pod has which address. Engines hand out the address of a container that has ended at once again, often before
// anybody has said that its Pod is over: whoever was seen with an address last has it.

export class AddressBook {
  readonly #owners = new Map<string, string>();
  readonly #addresses = new Map<string, string>();

  /** The Pod has this address from now on. */
  note(uid: string, ip: string): void {
    const before = this.#addresses.get(uid);
    if (before !== undefined && before !== ip) this.forget(uid);
    this.#addresses.set(uid, ip);
    this.#owners.set(ip, uid);
  }

  /** The Pod has none any more. */
  forget(uid: string): void {
    const ip = this.#addresses.get(uid);
    this.#addresses.delete(uid);
    if (ip !== undefined && this.#owners.get(ip) === uid) this.#owners.delete(ip);
  }

  /** '' when it has none, or somebody else has it by now. */
  addressOf(uid: string): string {
    const ip = this.#addresses.get(uid) ?? '';
    return this.#owners.get(ip) === uid ? ip : '';
  }
}
