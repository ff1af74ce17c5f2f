/** Axes of a recorded grid, in the order of its first six columns (docs/GRIDS.md). */
export const gridAxes = [
  'hardware',
  'variant',
  'tensor_parallel',
  'batch_size',
  'input_tokens',
  'output_tokens',
] as const
export type GridAxis = (typeof gridAxes)[number]
