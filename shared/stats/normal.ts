/** Two-sided 90 % of a standard normal; one-sided 95 %. */
export const normal90 = 1.6448536269514722
