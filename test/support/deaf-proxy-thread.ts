// A thread that hangs: it never answers.
setInterval(() => undefined, 1_000);
