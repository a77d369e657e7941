// Invoices: nothing to check yet.
export const id = 'R8';
export const title = 'invoices and payments';
export const unchecked = 'no billing';
