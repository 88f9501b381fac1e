// The executor table: one function an action type. An action without one does not compile.

interface AnyAction {
  readonly type: string;
}

export type Executors<Action extends AnyAction, Context> = {
  readonly [Type in Action['type']]: (action: Extract<Action, { readonly type: Type }>, context: Context) => Promise<void>;
};

/** Runs actions in the planner's order; the first failure stops the rest, for the next reconcile to plan anew. */
export async function execute<Action extends AnyAction, Context>(actions: readonly Action[], executors: Executors<Action, Context>, context: Context): Promise<void> {
  for (const action of actions) {
    const run = executors[action.type as Action['type']] as (action: Action, context: Context) => Promise<void>;
    await run(action, context);
  }
}
