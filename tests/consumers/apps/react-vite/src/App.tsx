import { useEffect, useState } from 'react'
import { described } from './permissions'

export default function App() {
  const [answer, setAnswer] = useState('')
  const [clicks, setClicks] = useState(0)
  useEffect(() => {
    described().then(setAnswer)
  }, [])
  return (
    <>
      <p data-answer="component">{answer}</p>
      <button onClick={() => setClicks(clicks + 1)}>clicked {clicks}</button>
    </>
  )
}
