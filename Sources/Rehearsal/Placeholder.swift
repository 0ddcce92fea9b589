import Stepping

