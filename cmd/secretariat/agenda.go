package main

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/programme"
	"secretariat/store"
)

// sessionsAgenda shows the agenda of a session and changes it.
func (a *app) sessionsAgenda() *cobra.Command {
	cmd := &cobra.Command{Use: "agenda REF", Short: "Show the agenda of a session, or change it", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			rows, m, err := h.acts.Agenda(ctx, args[0])
			if err != nil {
				return a.unknownSession(cmd, h, args[0], err)
			}
			wanted, there := m.AgendaMinutes()
			return a.showAgenda(rows, wanted, there)
		})
	}}
	cmd.AddCommand(a.agendaAdd(), a.agendaMove(), a.agendaAway("withdraw", "Take an item off the agenda", (*acts.Acts).WithdrawAgendaItem),
		a.agendaAway("defer", "Leave an item for the next session", (*acts.Acts).DeferAgendaItem), a.agendaCarry())
	return cmd
}

func (a *app) showAgenda(rows []store.AgendaRow, wanted, there int) error {
	type item struct {
		Ref         string         `json:"ref"`
		Number      int            `json:"number"`
		Title       programme.Text `json:"title"`
		Purpose     string         `json:"purpose"`
		Minutes     int            `json:"minutes"`
		Presenter   string         `json:"presenter"`
		State       string         `json:"state"`
		Reason      string         `json:"reason"`
		CarriedFrom string         `json:"carried_from"`
		Actions     []string       `json:"actions"`
	}
	shown := []item{}
	for _, r := range rows {
		shown = append(shown, item{r.Ref, r.Number, r.Title, r.Purpose, r.Minutes, r.Presenter, r.State, r.Reason, r.CarriedFrom, append([]string{}, r.Actions...)})
	}
	return a.emit(map[string]any{"items": shown, "minutes": wanted, "minutes_of_session": there}, func() error {
		for _, s := range shown {
			state := ""
			if s.State != "admitted" {
				state = s.State + ": " + s.Reason
			}
			a.say("%3d  %-20s %-12s %4d min  %s  %s", s.Number, s.Ref, s.Purpose, s.Minutes, s.Title.In("en", "ru", "uz", "fr", "es", "ar", "zh"), state)
		}
		a.say("%d of %d minutes", wanted, there)
		return nil
	})
}

func (a *app) agendaAdd() *cobra.Command {
	n := acts.NewAgendaItem{Actor: actor()}
	var titles []string
	cmd := &cobra.Command{Use: `add REF --title "…"`, Short: "Put an item on the agenda", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		n.Session = args[0]
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) (err error) {
			if n.Title, err = a.localText(ctx, h, "--title", titles); err != nil {
				return err
			}
			ref, err := h.acts.AddAgendaItem(ctx, n)
			if err != nil {
				return a.unknownSession(cmd, h, args[0], err)
			}
			return a.emit(map[string]any{"session": args[0], "item": ref}, func() error {
				a.say("agenda item %s is on the agenda of %s", ref, args[0])
				return nil
			})
		})
	}}
	f := cmd.Flags()
	f.StringArrayVar(&titles, "title", nil, `title; "ru=Название" for one language (may be repeated)`)
	f.StringVar(&n.Ref, "ref", "", "ref of the item (default: made from the session's)")
	f.StringVar(&n.Purpose, "purpose", "discussion", "information, discussion, decision or election")
	f.IntVar(&n.Minutes, "minutes", 30, "minutes that it takes")
	f.StringVar(&n.Presenter, "presenter", "", "who presents it")
	f.IntVar(&n.Place, "at", 0, "place on the agenda, from 1 (default: the end)")
	return cmd
}

func (a *app) agendaMove() *cobra.Command {
	return &cobra.Command{Use: "move REF ITEM PLACE", Short: "Move an item to a place, counted from 1", Args: cobra.ExactArgs(3), RunE: func(cmd *cobra.Command, args []string) error {
		place, err := strconv.Atoi(args[2])
		if err != nil {
			return badUse("a whole number from 1", "%q is no place on an agenda", args[2])
		}
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			if err := h.acts.MoveAgendaItem(ctx, args[0], args[1], place, actor()); err != nil {
				return a.unknownSession(cmd, h, args[0], err)
			}
			return a.emit(map[string]any{"session": args[0], "item": args[1], "place": place}, func() error {
				a.say("agenda item %s is in place %d", args[1], place)
				return nil
			})
		})
	}}
}

func (a *app) agendaAway(verb, short string, do func(*acts.Acts, context.Context, string, string, string, string) error) *cobra.Command {
	var why string
	cmd := &cobra.Command{Use: verb + ` REF ITEM --why "…"`, Short: short, Args: cobra.ExactArgs(2), RunE: func(cmd *cobra.Command, args []string) error {
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			if err := do(h.acts, ctx, args[0], args[1], why, actor()); err != nil {
				return a.unknownSession(cmd, h, args[0], err)
			}
			return a.emit(map[string]any{"session": args[0], "item": args[1], "done": verb}, func() error {
				a.say("agenda item %s: %s", args[1], verb)
				return nil
			})
		})
	}}
	cmd.Flags().StringVar(&why, "why", "", "the reason, which stays on record")
	return cmd
}

func (a *app) agendaCarry() *cobra.Command {
	return &cobra.Command{Use: "carry REF", Short: "Put onto the agenda what earlier sessions have left open, once", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			c, err := h.acts.CarryOver(ctx, args[0], actor())
			if err != nil {
				return a.unknownSession(cmd, h, args[0], err)
			}
			return a.emit(map[string]any{"session": args[0], "items": c.Items, "actions": c.Actions}, func() error {
				a.say("%d agenda items and %d action items were carried over to %s", c.Items, c.Actions, args[0])
				return nil
			})
		})
	}}
}
