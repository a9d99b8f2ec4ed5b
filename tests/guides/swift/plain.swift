enum CLASS {
    // BLOCK
}
