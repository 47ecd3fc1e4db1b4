// The bundler puts these files beside the program; what is imported is their address.
declare module '*.json' {
  const address: string;
  export default address;
}

declare module '*.mjs' {
  const address: string;
  export default address;
}

declare module '*.css';
