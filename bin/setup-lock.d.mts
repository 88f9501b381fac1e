export function withLock<Value>(name: string, say: (line: string) => void, work: () => Value | Promise<Value>): Promise<Value>;
