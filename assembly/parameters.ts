/** Every constant of the method: unit, source (paper and equation, or the evaluation that set it). */
