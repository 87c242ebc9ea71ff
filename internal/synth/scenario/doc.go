// Package scenario reads the files that exercises are played from: invented people, what happens and when, what a good
// trainee finds and decides, and what each mistake costs. [Read] checks one whole and says what is wrong by line and
// column; [Scenario.Deliveries] makes of it the very bytes that carriers, agents and travellers would file; [Score] holds
// what was done against what there was.
//
// It makes worlds and judges by the truth of its own file. It must never know who plays, nor read anything of a running
// system: whoever plays hands it what was done.
package scenario
