// Package typology looks at how money moved around one party and says which known ways of hiding money that resembles.
//
// Call [Evaluate] with every movement that has to do with a party. It is a pure function: it knows no store, no clock and
// no names, the order of the movements makes no difference, and the same set gives the same findings. Each typology has
// parameters, which are data ([Parameters], defaults.yaml), and examples that are run as tests (examples.yaml). A finding
// shows the movements that made it, their sum and its window. Where what a typology needs is missing, it says that it
// cannot tell; it never guesses.
//
// The numbers are those of the rules of the funds specification (F-01 just below a threshold, F-02 structuring, …); a
// finding is a reason to look, never a conclusion.
package typology
