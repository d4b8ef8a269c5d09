import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";

import { ask, order } from "./ask.ts";
import type { Input, OperationId, Output } from "./catalog.ts";
import { Problem } from "./problem.ts";
import { chosenTenant } from "./tenant.ts";

export type Asked<Id extends OperationId> = UseQueryResult<Output<Id>>;

/**
 * The answer of a read operation. While another question loads the old answer stays (`isPlaceholderData`), so that a
 * page dims rather than jumps.
 *
 * `null` instead of an input asks nothing yet.
 */
export function useAnswer<Id extends OperationId>(
  id: Id,
  input: Input<Id> | null,
  {
    refetchEvery,
    once = false,
  }: {
    /** In milliseconds; as long as the answer says so, where it depends on it. */
    refetchEvery?: number | ((answer: Output<Id> | undefined) => number | false);
    /** For questions that leave a trace each time: the answer is not asked again by itself. */
    once?: boolean;
  } = {},
): Asked<Id> {
  const tenant = chosenTenant();
  return useQuery<Output<Id>>({
    queryKey: [tenant, id, input],
    queryFn: ({ signal }) => ask(id, input as Input<Id>, { tenant, signal }),
    enabled: input !== null,
    placeholderData: keepPreviousData,
    staleTime: once ? Infinity : 30_000,
    ...(refetchEvery === undefined
      ? {}
      : {
          refetchInterval: typeof refetchEvery === "number" ? refetchEvery : ({ state }) => refetchEvery(state.data),
        }),
    retry: (count, thrown) => count < 1 && !(thrown instanceof Problem && thrown.status >= 400 && thrown.status < 500),
  });
}

/** A write operation as an order. When it has been carried out every answer is asked anew: figures may have moved. */
export function useOrder<Id extends OperationId>(id: Id): UseMutationResult<Output<Id>, Error, Input<Id>> {
  const queries = useQueryClient();
  const tenant = chosenTenant();
  return useMutation<Output<Id>, Error, Input<Id>>({
    mutationFn: (input) => order(id, input, { tenant }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [tenant] }),
  });
}
