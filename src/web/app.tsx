export function App() {
  return <main>Bursar</main>;
}
