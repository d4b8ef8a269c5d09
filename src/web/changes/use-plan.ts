import { useOrder, type Output } from "../client/index.ts";
import { hold, type Order } from "./held.ts";

/** The dry run: plans a change, and keeps in this page what executes it. */
export function usePlan() {
  const order = useOrder("planChange");
  const plan = async (wanted: Order): Promise<Output<"planChange">["change"]> => {
    const { change, confirmation } = await order.mutateAsync(wanted);
    hold(change.id, { order: wanted, confirmation });
    return change;
  };
  return { plan, problem: order.error, isPending: order.isPending, reset: order.reset };
}
